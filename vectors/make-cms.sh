#!/bin/bash
# Makes vectors/cms anew: a PKI of throw-away keys and messages by OpenSSL and Bouncy Castle.
# Wants: openssl (3.0), javac and java, Debian's libbcpkix-java, jq. Run it from the project's root:
#   bash vectors/make-cms.sh
# The keys come out new each time, and with them every file.
set -euo pipefail
cd "$(dirname "$0")/.."
out=vectors/cms
pki=$out/pki
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$pki" "$out"/*.der
mkdir -p "$pki"

# ---- PKI: root -> intermediate -> leaves, valid until 2126 (so: GeneralizedTime in the certificates)
cat > "$work/pki.cnf" <<'CNF'
[req]
distinguished_name = dn
prompt = no
[dn]
CN = unused
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[bare]
subjectKeyIdentifier = none
[tsa]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
CNF
issue() { # name, section, issuer or -, key type and options
  local name=$1 section=$2 issuer=$3 type=$4; shift 4
  local ca=() options=()
  [ "$issuer" = - ] || ca=(-CA "$pki/$issuer.crt" -CAkey "$pki/$issuer.key")
  for option in "$@"; do options+=(-pkeyopt "$option"); done
  openssl req -x509 -config "$work/pki.cnf" -extensions "$section" -days 36500 -sha256 \
    -subj "/C=NL/O=Sealkit vectors/CN=$name" -newkey "$type" -noenc "${options[@]}" \
    -keyout "$pki/$name.key" -out "$pki/$name.crt" "${ca[@]}" 2>/dev/null
}
issue root ca - ec ec_paramgen_curve:P-256
issue intermediate ca root ec ec_paramgen_curve:P-256
issue rsa leaf intermediate rsa:2048
issue other leaf intermediate rsa:2048
issue rsapss leaf intermediate rsa-pss rsa_keygen_bits:2048
issue p256 leaf intermediate ec ec_paramgen_curve:P-256
issue p384 leaf intermediate ec ec_paramgen_curve:P-384
issue p521 leaf intermediate ec ec_paramgen_curve:P-521
issue ed25519 leaf intermediate ed25519
issue ed448 leaf intermediate ed448
issue weak leaf intermediate rsa:1024
issue bare bare intermediate ec ec_paramgen_curve:P-256
issue tsa tsa intermediate rsa:2048

# ---- OpenSSL
printf 'the content of the vectors\n' > "$out/content.txt"
sign() { # name, arguments
  local name=$1; shift
  openssl cms -sign -binary -in "$out/content.txt" -outform DER -out "$out/$name.der" -md sha256 "$@"
}
rsa=(-signer "$pki/rsa.crt" -inkey "$pki/rsa.key")
p256=(-signer "$pki/p256.crt" -inkey "$pki/p256.key")
pss=(-keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:digest)
sign openssl-detached "${rsa[@]}"
sign openssl-attached "${rsa[@]}" -nodetach -certfile "$pki/intermediate.crt"
sign openssl-stream "${rsa[@]}" -nodetach -stream
sign openssl-noattr "${rsa[@]}" -nodetach -noattr
sign openssl-keyid "${p256[@]}" -keyid -cades
sign openssl-pss "${rsa[@]}" "${pss[@]}"
sign openssl-two "${rsa[@]}" "${p256[@]}" -nodetach
sign openssl-sha1 "${rsa[@]}" -md sha1

# ---- Bouncy Castle, by the tool of the interop tests
jars=/usr/share/java/bcpkix.jar:/usr/share/java/bcprov.jar:/usr/share/java/bcutil.jar
javac -d "$work/classes" -cp "$jars" test/interop/support/cms-tool/*.java
bc() { # name, command, name=file or flag ...
  local name=$1 line=$2 field; shift 2
  for field in "$@"; do
    case $field in
      *=@*) line+=" ${field%%=*}=$(printf %s "${field#*=@}" | base64 -w0)" ;;
      *=*) line+=" ${field%%=*}=$(base64 -w0 < "${field#*=}")" ;;
      *) line+=" $field=" ;;
    esac
  done
  printf '%s\n' "$line" | java -cp "$work/classes:$jars" CmsTool | jq -er .result | base64 -d > "$out/$name.der"
}
signer() { # name, algorithm: the three fields of one signer
  openssl pkcs8 -topk8 -nocrypt -in "$pki/$1.key" -outform DER -out "$work/$1.key"
  openssl x509 -in "$pki/$1.crt" -outform DER -out "$work/$1.crt"
  fields=("key=$work/$1.key" "certificate=$work/$1.crt" "algorithm=@$2")
}
content=(content="$out/content.txt")
signer rsa SHA256withRSA
bc bc-stream sign "${content[@]}" "${fields[@]}" ber attached include="$work/rsa.crt"
bc bc-detached sign "${content[@]}" "${fields[@]}" include="$work/rsa.crt"
bc bc-cades sign "${content[@]}" "${fields[@]}" signingCertificate include="$work/rsa.crt"
signer ed25519 Ed25519
bc bc-ed25519 sign "${content[@]}" "${fields[@]}" include="$work/ed25519.crt"
signer ed448 Ed448
bc bc-ed448 sign "${content[@]}" "${fields[@]}" include="$work/ed448.crt"
signer p384 SHA384withECDSA
bc bc-countersigned countersign message="$out/bc-detached.der" "${fields[@]}" include="$work/p384.crt"

# ---- CAdES-T: a token over the signature of bc-cades by `openssl ts`, put in by Bouncy Castle
openssl asn1parse -inform DER -in "$out/bc-cades.der" | awk -F: '/OCTET STRING/ {at=$1} END {print at+0}' > "$work/at"
# The last OCTET STRING of a message without unsigned attributes is the signature, 256 bytes behind 4 of header.
dd if="$out/bc-cades.der" of="$work/signature" bs=1 skip=$(($(cat "$work/at") + 4)) count=256 status=none
cat > "$work/tsa.cnf" <<CNF
[tsa]
default_tsa = main
[main]
serial = $work/serial
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
CNF
openssl ts -query -data "$work/signature" -sha256 -cert -out "$work/query" 2>/dev/null
openssl ts -reply -config "$work/tsa.cnf" -queryfile "$work/query" -signer "$pki/tsa.crt" -inkey "$pki/tsa.key" \
  -chain "$pki/intermediate.crt" -out "$work/response" 2>/dev/null
openssl ts -reply -in "$work/response" -token_out -out "$work/token" 2>/dev/null
bc bc-cades-t addTimestamp message="$out/bc-cades.der" token="$work/token"
rm "$out/bc-cades.der"
chmod 644 "$pki"/*.key
ls -l "$out"
