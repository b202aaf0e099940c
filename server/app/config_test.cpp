#include "app/config.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <fstream>

namespace inboxpro::app {
namespace {

std::optional<std::string> nothing(const std::string&) {
    return {};
}

struct ConfigTest : ::testing::Test {
    std::filesystem::path file =
        std::filesystem::temp_directory_path() / (std::string("inboxpro-config-") + std::to_string(getpid()) + ".toml");
    ~ConfigTest() override { std::filesystem::remove(file); }
    Result<Config> load(const std::string& text) {
        std::ofstream(file) << text;
        return load_config(file, nothing);
    }
};

TEST_F(ConfigTest, TakesFileThenEnvironment) {
    std::ofstream(file)
        << "[server]\nlisten = '0.0.0.0:9000'\norigin = 'https://app.example.org/'\n"
           "[tracking]\nmax_events_per_token_hour = 0\n[accounts]\nallowed_domains = ['a.example', 'b.example']\n";
    const auto config = load_config(file, [](const std::string& name) -> std::optional<std::string> {
        return name == "INBOXPRO_SERVER_LISTEN" ? std::optional<std::string>("127.0.0.1:1") : std::nullopt;
    });
    ASSERT_TRUE(config) << config.error().detail;
    EXPECT_EQ(config->server.listen, "127.0.0.1:1");
    EXPECT_EQ(config->server.origin, "https://app.example.org");
    EXPECT_EQ(config->tracking.max_events_per_token_hour, 0U);
    EXPECT_EQ(config->accounts.allowed_domains, (std::vector<std::string>{"a.example", "b.example"}));
}

TEST_F(ConfigTest, NamesWhatIsWrong) {
    EXPECT_EQ(load("[server]\nlisten_on = 'x'\n").error().detail, "there is no setting named server.listen_on");
    EXPECT_NE(load("[tracking]\nmax_events_per_token_hour = 'many'\n").error().detail.find("max_events_per_token_hour"),
              std::string::npos);
    EXPECT_NE(load("[server]\norigin = 'ftp://x'\n").error().detail.find("server.origin"), std::string::npos);
    EXPECT_EQ(load("[google]\nunits_per_minute = 299\n").error().detail,
              "setting google.units_per_minute must be 0 (no limit) or between 300 and 1000000");
    EXPECT_NE(load("[google]\npoll_seconds = 1\n").error().detail.find("google.poll_seconds"), std::string::npos);
    EXPECT_NE(load("[google]\npubsub_topic = 'gmail'\n").error().detail.find("pubsub_topic"), std::string::npos);
    EXPECT_NE(load("listen = 'x'\n").error().detail.find("[section]"), std::string::npos);
    EXPECT_NE(load("[server\n").error().detail.find("line 1"), std::string::npos);
}

TEST_F(ConfigTest, KeepsNoLimitApartFromGooglesOwn) {
    EXPECT_FALSE(load("[google]\nclient_id = 'x'\n")->google.units_per_minute);
    EXPECT_EQ(load("[google]\nunits_per_minute = 0\n")->google.units_per_minute, 0U);
}

TEST_F(ConfigTest, SaysThatTheFileIsNotThere) {
    const auto missing = load_config("/nowhere/inboxpro.toml", nothing);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().detail, "the configuration file /nowhere/inboxpro.toml does not exist");
}

TEST_F(ConfigTest, OffersEverySettingInTheGuide) {
    std::ifstream page(INBOXPRO_SOURCE_DIR "/docs/guide/configuration.md");
    const std::string text{std::istreambuf_iterator<char>(page), {}};
    for (const auto& name : setting_names()) EXPECT_NE(text.find(name), std::string::npos) << name;
}

}  // namespace
}  // namespace inboxpro::app
