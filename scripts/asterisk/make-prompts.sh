#!/bin/sh
# Makes every recording in asterisk/prompts. Needs espeak-ng and sox; the results are committed, so
# running the product needs neither. The format is raw 8 kHz u-law, like the calls, so Asterisk
# transcodes nothing.
set -eu
cd "$(dirname "$0")/../../asterisk/prompts"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Telephone band, silence trimmed at both ends, peaks at -6 dBFS.
finish() { # from.wav to.ulaw
  sox "$1" "$work/trimmed.wav" highpass 200 lowpass 3400 \
    silence 1 0.01 0.5% reverse silence 1 0.01 0.5% reverse
  sox "$work/trimmed.wav" -t ul -r 8000 -c 1 "$2" gain -n -6 rate 8000 fade t 0.005 -0 0.02
}

say() { # voice speed pitch to.ulaw text
  espeak-ng -v "$1" -s "$2" -p "$3" -w "$work/say.wav" "$5"
  finish "$work/say.wav" "$4"
}

tone() { # seconds frequency to.wav; -12 dBFS
  sox -n -r 8000 -c 1 -b 16 "$3" synth "$1" sine "$2" gain -n -12
}

# People at the far end: neutral sentences without names or amounts.
person() { # number voice speed pitch
  mkdir -p "person-$1"
  say "$2" "$3" "$4" "person-$1/hello.ulaw" 'Alô?'
  say "$2" "$3" "$4" "person-$1/long-hello.ulaw" 'Alô, bom dia! Quem está falando, por favor?'
  say "$2" "$3" "$4" "person-$1/sentence-1.ulaw" 'Sim, sou eu. Pode falar.'
  say "$2" "$3" "$4" "person-$1/sentence-2.ulaw" 'Olha, neste momento eu estou um pouco ocupado.'
  say "$2" "$3" "$4" "person-$1/sentence-3.ulaw" 'Entendi. E como ficaria isso, para pagar em partes?'
  say "$2" "$3" "$4" "person-$1/sentence-4.ulaw" 'Deixa eu ver aqui. Acho que na semana que vem eu consigo.'
  say "$2" "$3" "$4" "person-$1/sentence-5.ulaw" 'Tá bom. O senhor pode me mandar por mensagem?'
}
person 1 pt-br 165 45
person 2 pt-br+f3 175 60
person 3 pt-br+m4 150 30

# Announcements of the network.
say pt-br+f2 155 55 voicemail-greeting.ulaw \
  'Sua chamada está sendo encaminhada para a caixa postal e estará sujeita a cobrança após o sinal. Deixe o seu recado depois do bipe.'
# Personal voicemail greetings: a long one, and one so short that it may pass for a person.
say pt-br+f4 160 55 voicemail-personal.ulaw \
  'Oi, você ligou para a casa da Ana. Agora eu não posso atender. Deixe o seu recado depois do sinal.'
say pt-br+m3 165 40 voicemail-short.ulaw 'Deixe seu recado.'
tone 0.6 1000 "$work/beep.wav"
sox "$work/beep.wav" -t ul -r 8000 beep.ulaw fade t 0.01 0.6 0.01

# Special information tones (ITU-T E.180: 950, 1400, 1800 Hz, a third of a second each), then the words.
tone 0.33 950 "$work/sit-1.wav"
tone 0.33 1400 "$work/sit-2.wav"
tone 0.33 1800 "$work/sit-3.wav"
sox -n -r 8000 -c 1 -b 16 "$work/gap.wav" trim 0 0.4
espeak-ng -v pt-br+f2 -s 155 -w "$work/words.wav" \
  'Este número de telefone não existe. Por favor, verifique o número e ligue novamente.'
sox "$work/words.wav" -r 8000 -b 16 "$work/words-8k.wav" highpass 200 lowpass 3400 gain -n -6
sox "$work/sit-1.wav" "$work/sit-2.wav" "$work/sit-3.wav" "$work/gap.wav" "$work/words-8k.wav" \
  -t ul -r 8000 unknown-number.ulaw

# The dialer's messages. Neither names the company's business or the debt, because anybody may have
# answered.
say pt-br+f3 150 50 abandoned.ulaw \
  'Olá. Ligamos para você e não conseguimos atender agora. Ligaremos novamente. Obrigado.'
say pt-br+f3 150 50 connection-lost.ulaw \
  'A ligação caiu do nosso lado. Ligaremos novamente em instantes.'

# Hold music: four soft chords, each fading in and out, so that the loop has no seam.
mkdir -p music
chord() { # name note note note
  sox -n -r 8000 -c 1 -b 16 "$work/$1.wav" \
    synth 4 sine "$2" sine "$3" sine "$4" remix - fade q 0.6 4 1.2 tremolo 0.8 15
}
chord chord-1 261.63 329.63 392.00
chord chord-2 220.00 261.63 329.63
chord chord-3 174.61 261.63 349.23
chord chord-4 196.00 246.94 392.00
sox "$work/chord-1.wav" "$work/chord-2.wav" "$work/chord-3.wav" "$work/chord-4.wav" \
  -t ul -r 8000 music/hold.ulaw gain -n -14
