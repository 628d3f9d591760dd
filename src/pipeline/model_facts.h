// What the model folders of a run say about memory: read from the headers of their files, before
// anything is loaded.
#pragma once

#include "device/compute.h"
#include "pipeline/model_folders.h"
#include "plan/layer_memory.h"
#include "plan/song_models.h"

namespace acestep::pipeline {

// A model that is not there counts as the published one of its name's size. Throws Error kModel
// naming the file that is broken.
plan::SongModels read_model_facts(const ModelFolders& folders);

// Of the VAE's folder alone, which must be there.
plan::VaeFacts read_vae_facts(const ModelFolder& folder);

// Bytes per number in a precision.
plan::NumberBytes number_bytes(const device::Precision& precision);

}  // namespace acestep::pipeline
