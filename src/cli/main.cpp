#include <string>
#include <vector>

#include "cli/program.h"
#include "device/cuda_backend.h"

int main(int argc, char** argv) {
  const acestep::device::CudaBackend cuda = acestep::device::load_cuda_backend();
  return acestep::cli::run_program({argv + 1, argv + argc}, cuda);
}
