# One image for web, worker and scheduler: the command says which. See docs/deploy.md.

FROM docker.io/library/python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends binutils && rm -rf /var/lib/apt/lists/*
COPY requirements.txt deploy/wanted.awk deploy/slim.sh ./
RUN python3 -m venv /opt/venv \
    && awk -f wanted.awk requirements.txt > wanted.txt \
    && /opt/venv/bin/pip install --no-compile --no-deps --only-binary :all: --require-hashes -r wanted.txt \
    && sh slim.sh /opt/venv \
    && rm requirements.txt wanted.awk wanted.txt slim.sh
COPY . .
RUN LITELLM_LOCAL_MODEL_COST_MAP=True /opt/venv/bin/python deploy/precompile.py \
    && rm -r deploy/precompile.py deploy/slim.sh deploy/wanted.awk requirements.txt

FROM docker.io/library/python:3.11-slim-bookworm
RUN groupadd --gid 10001 hub \
    && useradd --uid 10001 --gid hub --no-create-home --home-dir /tmp --shell /usr/sbin/nologin hub \
    && install -d -o hub -g hub -m 0700 /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp HUB_DATA=/data HUB_HOST=0.0.0.0 HUB_PORT=8501 HUB_LOG_FORMAT=json LITELLM_RUST=false
WORKDIR /app
USER 10001:10001
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=8s --start-period=90s --retries=3 CMD ["python3", "/app/deploy/health.py"]
ENTRYPOINT ["python3", "-m", "hub"]
CMD ["web"]
