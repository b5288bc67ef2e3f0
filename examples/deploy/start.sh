#!/bin/sh
# n8n looks for community packages in its own folder, where a volume hides what an image has. So the package is in
# another folder of the image, and each start links it to where n8n looks.
set -e

packages="${N8N_USER_FOLDER:-$HOME}/.n8n/nodes/node_modules"
link="$packages/n8n-nodes-finra-filex"

mkdir -p "$packages"
# A copy that an earlier way of installing left in the volume would be loaded instead.
[ -L "$link" ] || rm -rf "$link"
ln -sfn /opt/filex/node_modules/n8n-nodes-finra-filex "$link"

exec /docker-entrypoint.sh "$@"
