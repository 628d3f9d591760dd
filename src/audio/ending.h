// Where a song ends by itself.
#pragma once

#include <cstdint>

#include "audio/waveform.h"

namespace acestep::audio {

struct EndingRule {
  // The music is over where the last 0.4 s stay this far below the whole song's loudness. At 30 LU
  // a tail of reverberation is still heard, a noise floor no longer counts.
  double below_song_lu = 30.0;
  double kept_seconds = 0.5;        // of what follows, faded out
  double least_gain_seconds = 1.0;  // less is not worth a cut
  double least_seconds = 10.0;      // what stays at least: the shortest song that can be asked for
};

struct Ending {
  int64_t music_frames = 0;  // up to where the music is over
  int64_t kept_frames = 0;   // up to where the song is cut; all of them: it is not
  int64_t fade_frames = 0;   // of the kept ones, the last; none of the music
};

Ending find_ending(const Waveform& waveform, const EndingRule& rule = {});

// Cuts the song there and fades it out behind the music.
void cut_at(Waveform& waveform, const Ending& ending);

}  // namespace acestep::audio
