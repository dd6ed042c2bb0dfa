#!/bin/bash
# Makes vectors/gost anew: the parameter sets and examples of RFCs, and keys, certificates and messages by
# OpenSSL with the gost engine, Bouncy Castle (the parameter sets) and GnuTLS (PKCS#12).
# Wants: openssl (3.0) with libengine-gost-openssl, java with libbcprov-java, python3, gnutls-bin.
# Run it from the project's root:
#   bash vectors/make-gost.sh
# rfc* come out the same each time; the keys of the others are new, and with them every file.
set -euo pipefail
cd "$(dirname "$0")/.."
out=vectors/gost
pki=$out/pki
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$pki" "$out"/rfc9215-* "$out"/rfc7836.json "$out"/*.{der,p12,txt}
mkdir -p "$pki"

cat > "$work/openssl.cnf" <<'CNF'
openssl_conf = start
[start]
engines = engines
[engines]
gost = gost
[gost]
engine_id = gost
default_algorithms = ALL
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
[crl]
database = ${ENV::WORK}/index.txt
default_md = md_gost12_512
CNF
export OPENSSL_CONF=$work/openssl.cnf WORK=$work

# ---- what RFCs give
jars=/usr/share/java
{
  echo '{"from": "the numbers of RFC 7836 and RFC 4357, printed by Bouncy Castle (make-gost/Curves.java)",'
  echo '"sameAs": {"1.2.643.7.1.2.1.1.2": "1.2.643.2.2.35.1", "1.2.643.7.1.2.1.1.3": "1.2.643.2.2.35.2",'
  echo ' "1.2.643.7.1.2.1.1.4": "1.2.643.2.2.35.3"},'
  echo '"sets":'
  java -cp "$jars/bcprov.jar:$jars/bcutil.jar" vectors/make-gost/Curves.java
  echo '}'
} > $out/rfc7836.json
python3 vectors/make-gost/rfc9215.py $out/rfc7836.json $out
for example in a2 a3; do
  base64 -d "vectors/make-gost/rfc9548-$example.txt" > "$out/rfc9548-$example.p12"
done

# ---- PKI: a root with a 512-bit key, an intermediate with 256 bits, a leaf for each set; valid until 2126
issue() { # name, section, issuer or -, bits, the engine's name of the parameter set
  local name=$1 section=$2 issuer=$3 bits=$4 set=$5
  local ca=() md=$bits
  if [ "$issuer" != - ]; then
    ca=(-CA "$pki/$issuer.crt" -CAkey "$pki/$issuer.key")
    md=$([ "$issuer" = root ] && echo 512 || echo 256)
  fi
  openssl genpkey -algorithm "gost2012_$bits" -pkeyopt "paramset:$set" -out "$pki/$name.key"
  openssl req -x509 -config "$OPENSSL_CONF" -extensions "$section" -days 36500 "-md_gost12_$md" \
    -subj "/C=RU/O=Sealkit vectors/CN=$name" -new -key "$pki/$name.key" -out "$pki/$name.crt" "${ca[@]}"
}
issue root ca - 512 A
issue intermediate ca root 256 TCA
issue 256-a leaf intermediate 256 TCA
issue 256-b leaf intermediate 256 TCB
issue 256-c leaf intermediate 256 TCC
issue 256-d leaf intermediate 256 TCD
issue cryptopro-a leaf intermediate 256 A
issue cryptopro-b leaf intermediate 256 B
issue cryptopro-c leaf intermediate 256 C
issue cryptopro-xa leaf intermediate 256 XA
issue cryptopro-xb leaf intermediate 256 XB
issue 512-a leaf intermediate 512 A
issue 512-b leaf intermediate 512 B
issue 512-c leaf intermediate 512 C
issue other leaf intermediate 256 TCA
openssl genpkey -algorithm gost2001 -pkeyopt paramset:A -out "$pki/2001.key"
openssl req -x509 -config "$OPENSSL_CONF" -extensions leaf -days 36500 -md_gost94 \
  -subj '/C=RU/O=Sealkit vectors/CN=2001' -new -key "$pki/2001.key" -out "$pki/2001.crt"

# ---- a request for each kind of key, a list of the root with the certificate of `other` revoked
for name in 256-a 512-c; do
  openssl req -new -config "$OPENSSL_CONF" "-md_gost12_${name%-*}" -key "$pki/$name.key" \
    -subj "/C=RU/CN=$name" -out "$pki/$name.csr"
done
: > "$work/index.txt"
list() { # issuer, digest
  openssl ca -config "$OPENSSL_CONF" -name crl -gencrl -crldays 36500 -md "$2" \
    -cert "$pki/$1.crt" -keyfile "$pki/$1.key" -out "$pki/$1.crl" 2>/dev/null
}
list root md_gost12_512
openssl ca -config "$OPENSSL_CONF" -name crl -revoke "$pki/other.crt" \
  -cert "$pki/intermediate.crt" -keyfile "$pki/intermediate.key" -md md_gost12_256 2>/dev/null
list intermediate md_gost12_256

# ---- messages
printf 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJzZWFsa2l0In0.\r\nnot text only: \0\xff\n' > $out/content.txt
sign() { # file, signer, options of openssl cms
  local file=$1 signer=$2; shift 2
  openssl cms -sign -binary -in $out/content.txt -outform DER -out "$out/$file.der" \
    -signer "$pki/$signer.crt" -inkey "$pki/$signer.key" -certfile "$pki/intermediate.crt" "$@"
}
for name in 256-a 256-b 256-c 256-d cryptopro-a cryptopro-b cryptopro-c cryptopro-xa cryptopro-xb; do
  sign "detached-$name" "$name" -md md_gost12_256
done
for name in 512-a 512-b 512-c; do sign "detached-$name" "$name" -md md_gost12_512; done
for name in 256-a 512-a; do
  md=md_gost12_${name%-*}
  sign "attached-$name" "$name" -md "$md" -nodetach
  sign "noattr-$name" "$name" -md "$md" -noattr
  sign "cades-$name" "$name" -md "$md" -cades
  sign "keyid-$name" "$name" -md "$md" -keyid
  sign "stream-$name" "$name" -md "$md" -nodetach -stream
done
sign weak-2001 2001 -md md_gost94

# ---- PKCS#12 with GOST ciphers: told apart and refused by name
for cipher in gost89 kuznyechik-ctr-acpkm magma-ctr-acpkm; do
  openssl pkcs12 -export -inkey "$pki/256-a.key" -in "$pki/256-a.crt" -passout pass:test \
    -keypbe "$cipher" -certpbe "$cipher" -macalg md_gost12_512 -out "$out/openssl-$cipher.p12"
done
openssl pkcs12 -export -inkey "$pki/256-a.key" -in "$pki/256-a.crt" -certfile "$pki/intermediate.crt" \
  -passout pass:test -keypbe aes-256-cbc -certpbe aes-256-cbc -macalg sha256 -out "$out/openssl-aes.p12"
openssl pkcs8 -topk8 -in "$pki/256-a.key" -passout pass:test -v2 gost89 -out "$pki/256-a.gost89.key"
openssl pkcs8 -topk8 -in "$pki/256-a.key" -passout pass:test -v2 aes-256-cbc -out "$pki/256-a.aes.key"
certtool --to-p12 --load-privkey "$pki/512-a.key" --load-certificate "$pki/512-a.crt" --password test \
  --p12-name 512-a --pkcs-cipher gost28147-tc26z --hash streebog-512 --outder \
  --outfile $out/gnutls-gost28147.p12 2>/dev/null
