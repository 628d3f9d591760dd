// Words that the tiny tokenizer knows as single tokens; all others fall into letters.
#pragma once

#include <string_view>

namespace acestep::tiny {

inline constexpr std::string_view kWords[] = {
    // The language model's metadata.
    "bpm", "caption", "duration", "genres", "keyscale", "language", "timesignature", "major",
    "minor", "unknown", "instrumental",
    // Its instructions.
    "user", "assistant", "system", "Instruction", "Generate", "audio", "semantic", "tokens",
    "based", "on", "the", "given", "conditions", "Caption", "Lyric", "Metas", "Languages",
    // Songs.
    "Verse", "Chorus", "Bridge", "Intro", "Outro", "verse", "chorus", "a", "and", "of", "in", "to",
    "with", "you", "me", "my", "your", "we", "is", "it", "love", "night", "light", "heart", "time",
    "music", "song", "sound", "voice", "vocal", "female", "male", "guitar", "piano", "drums",
    "bass", "strings", "synth", "beat", "melody", "rhythm", "warm", "bright", "dark", "soft",
    "slow", "fast", "pop", "rock", "jazz", "folk", "electronic", "ambient", "dance", "acoustic"};

}  // namespace acestep::tiny
