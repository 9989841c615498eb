#!/usr/bin/env bash
# libphonenumber-js 1.13.16 and google-libphonenumber 3.2.47, default country BR.
#
# Brazilian firms write a range of lines as "3456-7890/91": 3456-7890 and 3456-7891, without area
# code.
#
# Expected: 3456-7890 (too short to dial without its area code), or no number at all.
# Seen:     one number of all ten digits, (34) 5678-9091, which is in another city and which both
#           libraries call valid: "/" counts as punctuation inside a number, whatever follows it.
#           With the area code written out, "(11) 3456-7890/91", the twelve digits are read as one
#           number too, and only then it is not valid.
#
# Exits with 0 while this is so, and with 1 when either library reads it differently.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund libphonenumber-js@1.13.16 google-libphonenumber@3.2.47
cat > read.cjs <<'JS'
const { parsePhoneNumberFromString } = require('libphonenumber-js/max');
const { PhoneNumberUtil, PhoneNumberFormat } = require('google-libphonenumber');
const google = PhoneNumberUtil.getInstance();

function byGoogle(text) {
  const number = google.parse(text, 'BR');
  return `${google.format(number, PhoneNumberFormat.E164)} valid=${google.isValidNumber(number)}`;
}

function byPort(text) {
  const number = parsePhoneNumberFromString(text, 'BR');
  return number ? `${number.number} valid=${number.isValid()}` : 'no number';
}

for (const text of ['3456-7890/91', '3222-1234/35', '(11) 3456-7890/91']) {
  console.log(`${text} | libphonenumber-js: ${byPort(text)} | google-libphonenumber: ${byGoogle(text)}`);
}
JS
node read.cjs | tee seen.txt
cat > expected.txt <<'TXT'
3456-7890/91 | libphonenumber-js: +553456789091 valid=true | google-libphonenumber: +553456789091 valid=true
3222-1234/35 | libphonenumber-js: +553222123435 valid=true | google-libphonenumber: +553222123435 valid=true
(11) 3456-7890/91 | libphonenumber-js: +55113456789091 valid=false | google-libphonenumber: +55113456789091 valid=false
TXT
diff expected.txt seen.txt
echo 'as described'
