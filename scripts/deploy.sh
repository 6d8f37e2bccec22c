#!/bin/sh
# Brings this machine's hub to a newer version, or back: fetch, verify, backup, build or pull, migrate, restart, look.
#
#   scripts/deploy.sh            the newest commit of the branch that is checked out, image built here
#   scripts/deploy.sh --image T  the image with tag T, pulled; the files of the tree stay as they are
#   scripts/deploy.sh --back     what ran before the last deploy
#
# What is not ready in time is taken back by itself: the images of before, the files of before. The stores are not taken
# back: a newer form of them is refused by an older hub with a sentence, and the backup made before stands in BACKUPS.
# VERIFY=signed asks for a good signature on the commit. Exit status: 0 done or nothing to do, 1 refused and nothing
# changed, 2 taken back, 3 taking back failed too.
set -eu
SCRIPTS=$(cd "$(dirname "$0")" && pwd)
export HUB_ROOT="${HUB_ROOT:-$SCRIPTS/..}"
cd "$HUB_ROOT"
umask 077

DOCKER=${DOCKER:-docker}
BACKUPS=${BACKUPS:-backups}
STATE=.deploy
READY_SECONDS=${READY_SECONDS:-180}

say() { echo "$(date -u +%H:%M:%S) $*"; }
refuse() { echo "$*" >&2; exit 1; }
compose() { "$DOCKER" compose "$@"; }

way=git
tag=
case "${1-}" in
    '') ;;
    --image) way=image tag=${2-}; [ -n "$tag" ] || refuse "--image needs a tag, such as v1.2.0." ;;
    --back) way=back ;;
    *) refuse "Usage: scripts/deploy.sh [--image TAG | --back]" ;;
esac
case "$tag" in *[!A-Za-z0-9._-]*) refuse "A tag has letters, digits, dots, dashes and underscores only." ;; esac

mkdir -p "$STATE" "$BACKUPS"
exec 9> "$STATE/lock"
flock --nonblock 9 || refuse "Another deploy is at work here."
"$SCRIPTS/make-env" --check || refuse "Nothing was changed."

# What runs now: the commit of the tree and the tag in .env, as the last deploy left them.
commit_now=$(git rev-parse HEAD)
tag_now=$(sed -n 's/^TAG=//p' .env | tail -n 1)
tag_now=${tag_now:-latest}
commit=$commit_now

verify() {
    [ -z "$(git status --porcelain --untracked-files=no)" ] || refuse "Files of the tree were changed by hand; nothing was deployed. See: git status"
    branch=$(git symbolic-ref --quiet --short HEAD) || refuse "No branch is checked out, so there is nothing to follow. Check one out: git switch main"
    git fetch --quiet origin "$branch" || refuse "The repository cannot be reached; nothing was changed."
    commit=$(git rev-parse FETCH_HEAD)
    git merge-base --is-ancestor "$commit_now" "$commit" || refuse "The branch on origin does not continue what runs here (it was rewritten, or there are commits of this machine's own). Nothing was changed."
    if [ "${VERIFY-}" = signed ]; then
        git verify-commit "$commit" 2>/dev/null || refuse "The newest commit has no good signature; nothing was deployed."
    fi
}

case "$way" in
    git)
        verify
        if [ "$commit" = "$commit_now" ] && [ "$tag_now" = "git-$(git rev-parse --short=12 "$commit")" ]; then
            say "Nothing new."
            exit 0
        fi
        # A timer must not bring back what was just taken back.
        [ "$commit" != "$(cat "$STATE/bad" 2>/dev/null)" ] || { say "The newest commit was taken back; waiting for another one."; exit 0; }
        tag=git-$(git rev-parse --short=12 "$commit") ;;
    back)
        [ -s "$STATE/before" ] || refuse "No deploy was made here before, so there is nothing to go back to."
        read -r commit tag < "$STATE/before" ;;
esac

ready() {
    end=$(($(date +%s) + READY_SECONDS))
    while [ "$(date +%s)" -lt "$end" ]; do
        if compose exec -T web python3 /app/deploy/health.py ready 2>/dev/null; then return 0; fi
        sleep 2
    done
    compose exec -T web python3 /app/deploy/health.py ready || true
    return 1
}

# Starts `$2` of commit `$1`; the one-shot service `migrate` runs before the others.
start() {
    git checkout --quiet --detach "$1" || return 1
    TAG=$2 compose up --detach --no-build --remove-orphans --wait --wait-timeout "$READY_SECONDS" || return 1
    ready
}

# Back on the branch, at commit `$1`, with `$2` as what docker compose starts from now on.
settle() {
    if [ -n "${branch-}" ]; then git checkout --quiet -B "$branch" "$1"; fi
    sed '/^TAG=/d' .env > .env.new
    printf 'TAG=%s\n' "$2" >> .env.new
    mv .env.new .env
}

branch=${branch-$(git symbolic-ref --quiet --short HEAD || true)}

if [ -n "$(compose ps --quiet --status running web 2>/dev/null)" ]; then
    file=$BACKUPS/before-$tag-$(date -u +%Y%m%dT%H%M%SZ)-$$.hub
    say "Backing up to $file ..."
    if ! "$SCRIPTS/backup" "$file"; then
        refuse "The backup failed, so nothing was deployed."
    fi
fi

case "$way" in
    git)
        say "Building $tag ..."
        work=$(mktemp -d)
        git archive "$commit" | tar -x -C "$work"
        image=$(sed -n 's/^IMAGE=//p' .env | tail -n 1)
        if ! "$DOCKER" build --tag "${image:-llm-hub}:$tag" "$work"; then
            rm -rf "$work"
            refuse "The image cannot be built; the hub runs on as it was."
        fi
        rm -rf "$work" ;;
    image)
        say "Pulling $tag ..."
        TAG=$tag compose pull --quiet web || refuse "The image $tag cannot be pulled; the hub runs on as it was." ;;
esac

say "Starting $tag ..."
if start "$commit" "$tag"; then
    settle "$commit" "$tag"
    printf '%s %s\n' "$commit_now" "$tag_now" > "$STATE/before"
    [ "$way" != back ] || printf '%s\n' "$commit_now" > "$STATE/bad"
    say "$tag is ready."
    exit 0
fi

say "$tag is not ready; going back to $tag_now ..."
[ "$way" != git ] || printf '%s\n' "$commit" > "$STATE/bad"
compose logs --tail 30 web migrate >&2 || true
if start "$commit_now" "$tag_now"; then
    settle "$commit_now" "$tag_now"
    say "$tag_now is ready again. ${file:+The backup of before is $file.}"
    exit 2
fi
settle "$commit_now" "$tag_now"
echo "$tag_now is not ready either. ${file:+The backup of before is $file; }docs/deploy.md says how to restore." >&2
exit 3
