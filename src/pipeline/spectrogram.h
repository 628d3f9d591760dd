// The spectrogram of a song, for its picture.
#pragma once

#include "audio/song_plot.h"
#include "audio/waveform.h"

namespace acestep::pipeline {

// Of all channels' mean, from 40 Hz to 20 kHz or half the sampling rate, -80 dB at least;
// kPlotColumns times kPlotBands. Long songs are looked at in places: about four windows of 4096
// frames per column.
audio::Spectrogram spectrogram_of(const audio::Waveform& waveform);

}  // namespace acestep::pipeline
