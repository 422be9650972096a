"""Makes hold.wav, the music that waiting callers hear: 8 s that loop without a click, for a telephone's ear.

Four soft chords of plucked, slightly detuned sine tones. Run: python3 hold.py
"""
import math
import struct
import wave
from pathlib import Path

RATE, SECONDS = 8000, 8
CHORDS = [  # one every two seconds: C, a minor, F, G with added colours; hertz
    (261.63, 329.63, 392.00, 493.88),
    (220.00, 329.63, 392.00, 523.25),
    (174.61, 261.63, 349.23, 440.00),
    (196.00, 293.66, 392.00, 440.00),
]
TOTAL = RATE * SECONDS
samples = [0.0] * TOTAL


def pluck(start, frequency, loudness):
    for n in range(int(2.6 * RATE)):
        t = n / RATE
        envelope = min(1.0, t / 0.03) * math.exp(-1.6 * t) * min(1.0, (2.6 - t) / 0.2)
        tone = math.sin(2 * math.pi * frequency * t) + 0.25 * math.sin(4 * math.pi * frequency * t)
        drift = 0.5 * math.sin(2 * math.pi * frequency * 1.002 * t)
        samples[(start + n) % TOTAL] += loudness * envelope * (tone + drift)  # what rings on goes round


for number, chord in enumerate(CHORDS):
    for step, frequency in enumerate(chord + (chord[2], chord[1])):
        start = int((number * 2 + step * 0.25) * RATE)
        pluck(start, frequency, 0.8 if step == 0 else 0.5)

peak = max(abs(sample) for sample in samples)
with wave.open(str(Path(__file__).with_name("hold.wav")), "wb") as out:
    out.setnchannels(1)
    out.setsampwidth(2)
    out.setframerate(RATE)
    out.writeframes(b"".join(struct.pack("<h", int(sample / peak * 14000)) for sample in samples))
