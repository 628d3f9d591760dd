// Leaks of libsndfile, which gives up a damaged Ogg stream without freeing the codec's state.
// LeakSanitizer asks for this function by name; other builds never call it.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:vorbis_info_init\n"; }
