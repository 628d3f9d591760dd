// Device memory of the simulated GPU: a host storage that counts against the heap.
#pragma once

#include <c10/core/Allocator.h>
#include <c10/core/Storage.h>

namespace acestep::sim {

// The allocator that libtorch asks for the device's memory; it also answers for statistics, so that
// code written for any accelerator (c10::getDeviceAllocator) works here.
c10::DeviceAllocator& allocator();

// A device storage over the host storage's memory, without a copy. Throws c10::OutOfMemoryError.
c10::Storage adopt(const c10::Storage& host);

// From now on whoever asks for a pointer into the device storage gets an exception: on a card the
// host cannot follow it. adopt() does this for its storages.
void guard_against_host(const c10::Storage& device);

// The host storage beneath a device storage.
const c10::Storage& host_storage(const c10::Storage& device);

// After a kernel has resized the host storage: the device storage follows. Throws
// c10::OutOfMemoryError, after which the storage is whole but does not count its growth.
void follow_host(const c10::Storage& device);

}  // namespace acestep::sim
