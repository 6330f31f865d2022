# certificates.bash: authorities and certificates made with openssl. Sourced.
# shellcheck shell=bash

need_certificate_name() { [[ $1 =~ ^[a-z][a-z0-9.-]{0,60}$ ]] || die "certificate name '$1': use small letters, digits, '-' and '.'"; }

tls_dir() {
  need_tools openssl
  mkdir -p "$TLS"
  chmod 700 "$TLS"
}
authority_ensure() { tls_dir && with_lock "$TLS/.lock" authority_make "$1"; }
authority_make() { # NAME
  [ ! -e "$TLS/$1.pem" ] || return 0
  certificate_make "$1" '' '' '' -1 3650
}
# The request's words are kept beside the certificate: asked again in the same words, it stays.
certificate_ensure() { # NAME CA USAGE SAN FROM DAYS WORDS
  tls_dir
  with_lock "$TLS/.lock" certificate_ensure_locked "$@"
}
certificate_ensure_locked() {
  local words="$2 $7"
  if [ -e "$TLS/$1.pem" ] && [ "$words" = "$(cat "$TLS/.$1.words" 2>/dev/null)" ]; then return 0; fi
  certificate_make "${@:1:6}"
  echo "$words" >"$TLS/.$1.words"
}
client_ensure() {
  authority_ensure ca
  certificate_ensure client ca clientAuth '' -1 825 client
  cmp -s "$TLS/client.pem" "$TLS/cert.pem" && return 0
  install -m 600 "$TLS/client-key.pem" "$TLS/key.pem"
  install -m 644 "$TLS/client.pem" "$TLS/cert.pem"
}
server_ensure() { # HOST: good for its name, its address and its own loopback
  authority_ensure ca
  certificate_ensure "server-$1" ca serverAuth,clientAuth "DNS:$1,DNS:localhost,IP:$(conf "$1" ip),IP:127.0.0.1" -1 825 "$1 $(conf "$1" ip)"
}

# `openssl x509` cannot set the first and last moment before OpenSSL 3.4; `openssl ca` can.
certificate_make() { # NAME CA|'' USAGE SAN FROM_DAYS DAYS; an empty CA: signed by itself, an authority
  local name=$1 ca=${2:-$1} work signer=(-cert "$TLS/${2:-$1}.pem")
  work=$(mktemp -d "$TLS/.work.XXXXXX")
  : >"$work/index"
  certificate_config "$work" "$2" "$3" "$4" >"$work/config"
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/O=lab $LAB_NAME/CN=$name" \
    -keyout "$work/key.pem" -out "$work/request" 2>"$work/log" || die "openssl: $(cat "$work/log")"
  chmod 600 "$work/key.pem"
  if [ -z "$2" ]; then
    mv "$work/key.pem" "$TLS/$name-key.pem"
    signer=(-selfsign)
  fi
  openssl ca -config "$work/config" -batch -notext "${signer[@]}" -keyfile "$TLS/$ca-key.pem" -in "$work/request" \
    -startdate "$(openssl_date "$5")" -enddate "$(openssl_date $(($5 + $6)))" -out "$work/cert.pem" 2>"$work/log" ||
    die "openssl: $(cat "$work/log")"
  if [ -n "$2" ]; then mv "$work/key.pem" "$TLS/$name-key.pem"; fi
  mv "$work/cert.pem" "$TLS/$name.pem"
  rm -rf "$work"
}
openssl_date() { date -u -d "$1 days" +%Y%m%d%H%M%SZ; } # DAYS from now
certificate_config() { # WORK CA USAGE SAN
  cat <<END
[ca]
default_ca = this
[this]
database = $1/index
new_certs_dir = $1
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
x509_extensions = extensions
[any]
organizationName = optional
commonName = supplied
[extensions]
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
END
  if [ -z "$2" ]; then
    echo "basicConstraints = critical,CA:TRUE"
    echo "keyUsage = critical,keyCertSign,cRLSign"
  else
    echo "basicConstraints = critical,CA:FALSE"
    echo "keyUsage = critical,digitalSignature"
    echo "extendedKeyUsage = $3"
    [ -z "$4" ] || echo "subjectAltName = $4"
  fi
}
