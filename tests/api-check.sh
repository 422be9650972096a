#!/bin/sh
# A client that does not know us (schemathesis) asks the demo everything that its description offers, with an operator's
# token: no answer may be a fault, and none may contradict the description. Installs into target/; needs Python 3.
set -eu
cd "$(dirname "$0")/.."
home=target/api-check
examples=${EXAMPLES:-50}
mkdir -p "$home"
if [ ! -x "$home/venv/bin/schemathesis" ]; then
    python3 -m venv "$home/venv" || { echo "python3 with venv is needed: apt-get install python3-venv"; exit 2; }
    "$home/venv/bin/pip" install --quiet schemathesis
fi
"${CARGO:-cargo}" build --quiet
rm -f "$home/demo.log"
(cd "$home" && exec ../debug/rotaline demo --listen 127.0.0.1:0 --log warn) > "$home/demo.log" 2>&1 &
demo=$!
trap 'kill $demo 2>/dev/null || true' EXIT INT TERM
for _ in $(seq 100); do
    grep -q 'Bearer ' "$home/demo.log" && break
    kill -0 $demo 2>/dev/null || { cat "$home/demo.log"; exit 1; }
    sleep 0.3
done
line=$(grep 'Bearer ' "$home/demo.log")
token=$(printf '%s' "$line" | sed -E 's/.*Bearer ([^"]+)".*/\1/')
base=$(printf '%s' "$line" | sed -E 's|.*(http://[^/]+)/api.*|\1|')
# Mostly what there is in the demo; else hardly a question would get further than its name.
cat > "$home/schemathesis.toml" <<'END'
[dictionaries]
hotlines = { values = ["lab"] }

[parameters]
"path.name" = { dictionary = "hotlines", probability = 0.7 }
END
# The stream of events has no end, and the sound of recordings is not ours.
"$home/venv/bin/schemathesis" --config-file "$home/schemathesis.toml" run "$base/api/v1/openapi.json" \
    --url "$base" \
    --header "Authorization: Bearer $token" \
    --header "Accept: application/json" \
    --exclude-path /api/v1/events \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance \
    --max-examples "$examples" --request-timeout 20 --workers 1 --rate-limit 18/s
