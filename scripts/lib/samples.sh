# shellcheck shell=bash disable=SC2034,SC2154
# The sample library, the demo accounts and the waiting questions of a first start.
# Sourced after common.sh; reads $ishara (the program) and $ISHARA_DATA. Each step leaves a stamp and runs once.

stamp() { echo "$ISHARA_DATA/.sample-$1"; }

load_sample_library() {
  [ ! -e "$(stamp library)" ] || return 0
  say "Making the sample clips (real signing, joined; about a minute)"
  media/fixtures/make
  say "Loading the sample library: each clip is checked and transcoded as an upload would be"
  "$ishara" import media/fixtures/library.jsonl
  touch "$(stamp library)"
}

# role | account | name shown to colleagues | code of the department, where the role needs one
demo_accounts() {
  cat <<'ACCOUNTS'
producer|producer|منتجة المقاطع|
linguistic_reviewer|linguistic-reviewer|المراجع اللغوي|
department_reviewer|department-reviewer|مراجعة الإدارة|documents
agent|agent|موظفة الردود|
supervisor|supervisor|المشرفة|
administrator|administrator|مدير النظام|
auditor|auditor|المدققة|
ACCOUNTS
}

random_password() { head -c 12 /dev/urandom | base64 | tr '+/' 'Rz'; }

# An account is listed as soon as it is made, so an interrupted run goes on with the next one.
create_demo_accounts() {
  local list=$ISHARA_DATA/demo-accounts.txt role account name department email password
  [ ! -e "$(stamp accounts)" ] || return 0
  say "Creating the demo accounts"
  [ -e "$list" ] || (umask 077 && : >"$list")
  while IFS='|' read -r role account name department; do
    email=$account@ishara.example
    ! grep -q "^$email " "$list" || continue
    password=$(random_password)
    printf '%s' "$password" |
      "$ishara" user add --email "$email" --role "$role" --name "$name" ${department:+--department "$department"} \
        --password-stdin >/dev/null
    printf '%-38s %s  %s\n' "$email" "$password" "$role" >>"$list"
  done < <(demo_accounts)
  touch "$(stamp accounts)"
  sed 's/^/    /' "$list"
  note "Kept in $list (readable by you alone). Change or disable them before real use."
}

sample_questions_wait() { [ ! -e "$(stamp questions)" ]; }

# Sends one question; a busy answer (429 or 503) is tried again after the time that the server asks for.
send_question() { # send_question ADDRESS JSON-LINE
  local key headers status pause
  key=$(sed -nE 's/.*"id": "([^"]+)".*/\1/p' <<<"$2")
  headers=$(mktemp)
  for _ in 1 2 3 4 5; do
    status=$(sed -E 's/^\{"id": "[^"]*", "text": (.*), "sample": true\}$/{"text": \1}/' <<<"$2" |
      curl -s -o /dev/null -D "$headers" -w '%{http_code}' -H 'Content-Type: application/json' \
        -H "Idempotency-Key: $key" --data-binary @- "$1/api/v1/questions")
    case $status in
      200 | 201) rm -f "$headers"; return 0 ;;
      429 | 503) pause=$(sed -nE 's/^[Rr]etry-[Aa]fter: *([0-9]+).*/\1/p' "$headers") ; sleep "${pause:-5}" ;;
      *) note "a sample question was answered with $status"; break ;;
    esac
  done
  rm -f "$headers"
  return 1
}

send_sample_questions() { # send_sample_questions ADDRESS SERVER-PROCESS
  wait_until 60 curl -sf -o /dev/null "$1/" || { kill -0 "$2" 2>/dev/null || return 1; }
  local line sent=0 total=0
  while IFS= read -r line; do
    total=$((total + 1))
    send_question "$1" "$line" && sent=$((sent + 1))
  done <media/fixtures/questions.jsonl
  [ "$sent" -eq "$total" ] || return 1
  touch "$(stamp questions)"
  note "$total sample questions wait at the desk"
}
