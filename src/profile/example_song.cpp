#include "profile/example_song.h"

namespace acestep::profile {
namespace {

constexpr char kCaption[] =
    "An explosive, high-energy J-rock and pop-rock anthem driven by a powerful, punchy drum "
    "beat and a thick wall of distorted, chugging rhythm guitars. A passionate male lead vocal,"
    " delivered in a mix of Japanese and English, soars over the top with layered harmonies and"
    " echoed ad-libs that amplify the song's anthemic quality. The arrangement is dynamic, "
    "featuring a blistering, melodic guitar solo and a brief, atmospheric bridge with synth "
    "pads that provides a moment of contrast before slamming back into the high-octane chorus. "
    "The track concludes with a final, powerful guitar chord and a lingering sense of energy.";

constexpr char kLyrics[] = R"([Intro]
One more time, just one more time
Mou modorenai, mou modorenai
The GURU, my dream come true, my dream come true

[Guitar Riff]

[Verse 1]
Nani ga seigi ka, nani ga koukai ka
Hakase tsuzukeru, hashirinukeru
No life's a game, no rules to follow
Dakedo arata na chikara ga yomigaeru

[Pre-Chorus]
No, this is our new life
Aisuru chikara, ima koso
We believe in ourselves
Mou atomodori dekinai

[Chorus]
Eikou no hikari
Sono saki ni iru jiyuu ga aru
One more time, just one more time
Mou modorenai, mou modorenai
The GURU, my dream come true, my dream come true

[Verse 2]
Kizutsuita tsubasa mo aruita michi mo
Onaji hibi no naka de susumu
No stage to the hill, sore demo susumu
Mayowanai de susumu, susumu

[Pre-Chorus]
Aisuru chikara, ima koso
We believe in ourselves
Mou atomodori dekinai

[Chorus]
Eikou no hikari
Sono saki ni iru jiyuu ga aru
One more time, just one more time
Mou modorenai, mou modorenai
The GURU, my dream come true, my dream come true

[Guitar Solo]

[Bridge]
Donna arashi ni matsu ka? I know
Nando mo yami ni shizumu ka?
Ore wa yuku, ore wa yuku
Chikara tsuyoku, yume wo motte
Chikara tsuyoku, yume wo motte
Tooi hikari, moeagaru
Kono kokoro ni hibiku takami
We are in the zone, we are in the zone

[Breakdown]
Sono saki ni iru mirai ga aru
One more time, just one more time
Mou modorenai, mou modorenai
The GURU, my dream come true, my dream come true

[Outro]
Kizutsuite mo
Makenai yume wo
No stage to the hill, sore demo
Ore wa susumu, ore wa susumu
Mata tachiagaru, mata tachiagaru

[Final Guitar Riff and Fade Out])";

}  // namespace

nlohmann::json example_request() {
  return {{"caption", kCaption},    {"lyrics", kLyrics},    {"bpm", 100},
          {"keyscale", "E♭ minor"}, {"timesignature", "4"}, {"vocal_language", "ja"}};
}

}  // namespace acestep::profile
