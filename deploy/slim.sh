#!/bin/sh
# Takes out of a virtual environment what never runs in a container; what it saves stands in docs/deploy.md.
set -eu
cd "$1"
bin/python -m pip uninstall --yes --quiet pip
# Programs of packages (the hub runs what it needs as `python -m`), manual pages, assets for notebooks.
find bin -mindepth 1 ! -name 'python*' -delete
rm -r share etc include
cd lib/python3.*/site-packages
# More assets for notebooks, and the admin site of LiteLLM's proxy: nobody here serves them.
rm -r pydeck/nbextension litellm/proxy/_experimental/out litellm/proxy/swagger litellm/proxy/_lazy_openapi_snapshot.json
# LiteLLM's second, native way for some requests; the image sets LITELLM_RUST=false, so all take the first.
rm litellm/rust_bridge/_native.abi3.so
# Arrow's network services and headers: the hub reads and writes Parquet and IPC on its own disk.
rm -r pyarrow/include pyarrow/src numpy/_core/include
rm pyarrow/*_flight* pyarrow/libarrow_s3.so.* pyarrow/_s3fs*.so
find pyarrow -maxdepth 1 -name 'libarrow_python*.so*' \( -name '*.so' -o -name '*.so.*.*' \) -delete
# A second copy of ONNX Runtime, for programs in C.
rm onnxruntime/capi/libonnxruntime.so.*
# Of SciPy the hub needs `special`, which stands on `_lib` alone.
find scipy -mindepth 1 -maxdepth 1 -type d ! -name '_*' ! -name special -exec rm -r {} +
# Unpacked beside it.
rm llama_index/core/_static/nltk_cache/*/*.zip
# Models of every AWS service; LiteLLM signs requests to Bedrock and SageMaker.
find botocore/data -mindepth 1 -maxdepth 1 -type d ! -name 'bedrock*' ! -name 'sagemaker*' ! -name 'sts' \
    ! -name 'sso*' ! -name 'signin' ! -name 's3' -exec rm -r {} +
# The tests of other people's packages, and what only compilers and type checkers read.
find numpy pandas scipy pyarrow networkx -type d -name tests -prune -exec rm -r {} +
find . -type f \( -name '*.pyi' -o -name '*.pyx' -o -name '*.pxd' -o -name '*.pxi' -o -name '*.h' -o -name '*.hpp' \
    -o -name '*.c' -o -name '*.cpp' \) -delete
# Debug symbols; not in the libraries that auditwheel has rewritten, which strip can break.
find . -name '*.so' -size +100k ! -path '*.libs/*' -exec strip --strip-debug {} +
find . -type d -name __pycache__ -prune -exec rm -r {} +
