#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "testing/fakes.h"
#include "vault/keys.h"

namespace inboxpro {
namespace {

constexpr KeyPurpose kPurposes[] = {KeyPurpose::master, KeyPurpose::token, KeyPurpose::index, KeyPurpose::journal};

class KeyFiles : public ::testing::Test {
  protected:
    KeyFiles() {
        std::string pattern = ::testing::TempDir() + "inboxpro_keys_XXXXXX";
        directory_ = ::mkdtemp(pattern.data());
        path_ = directory_ / "keys";
    }
    ~KeyFiles() override { std::filesystem::remove_all(directory_); }

    std::string text() const {
        std::ifstream in{path_};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    void write(std::string_view text) const {
        std::ofstream{path_} << text;
        ::chmod(path_.c_str(), 0600);
    }
    Error error() const {
        auto loaded = KeyFile::load(path_);
        return loaded ? Error{.kind = ErrorKind::invalid, .detail = "it was loaded"} : loaded.error();
    }

    std::filesystem::path directory_;
    std::filesystem::path path_;
    SystemRandom random_;
};

TEST_F(KeyFiles, AreReadAsTheyWereMade) {
    const auto made = KeyFile::create(path_, random_).value();
    const auto loaded = KeyFile::load(path_).value();
    for (const auto purpose : kPurposes) {
        EXPECT_EQ(loaded.keys(purpose).newest(), 1U);
        EXPECT_EQ(loaded.keys(purpose).newest_key(), made.keys(purpose).newest_key());
        EXPECT_EQ(loaded.keys(purpose).newest_key().size(), 32U);
    }
    EXPECT_FALSE(loaded.keys(KeyPurpose::master).newest_key() == loaded.keys(KeyPurpose::token).newest_key());
}

TEST_F(KeyFiles, BelongToTheirOwnerAloneWhateverTheUmask) {
    const auto before = ::umask(0);
    ASSERT_TRUE(KeyFile::create(path_, random_));
    ::umask(before);
    struct stat status{};
    ASSERT_EQ(::stat(path_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0600U);
}

TEST_F(KeyFiles, AreNeverOverwritten) {
    ASSERT_TRUE(KeyFile::create(path_, random_));
    const auto before = text();
    EXPECT_EQ(KeyFile::create(path_, random_).error().kind, ErrorKind::conflict);
    EXPECT_EQ(text(), before);
}

TEST_F(KeyFiles, CannotBeMadeWhereThereIsNoDirectory) {
    const auto made = KeyFile::create(directory_ / "absent" / "keys", random_);
    EXPECT_EQ(made.error().kind, ErrorKind::unavailable);
    EXPECT_TRUE(made.error().detail.ends_with("cannot be made: No such file or directory.")) << made.error().detail;
}

TEST_F(KeyFiles, ThatAreMissingAreNotFound) {
    EXPECT_EQ(error().kind, ErrorKind::not_found);
    EXPECT_EQ(error().detail, "There is no key file " + path_.string() + ".");
}

TEST_F(KeyFiles, ThatOthersMayUseAreRefused) {
    ASSERT_TRUE(KeyFile::create(path_, random_));
    for (const ::mode_t mode : {0640, 0604, 0610, 0620, 0602, 0644, 0666}) {
        ::chmod(path_.c_str(), mode);
        EXPECT_EQ(error().kind, ErrorKind::denied) << mode;
        EXPECT_TRUE(error().detail.ends_with("can be used by others; run: chmod 600 " + path_.string()));
    }
    ::chmod(path_.c_str(), 0400);
    EXPECT_TRUE(KeyFile::load(path_));
}

TEST_F(KeyFiles, ThatAreNoRegularFilesAreRefused) {
    const auto real = directory_ / "real";
    ASSERT_TRUE(KeyFile::create(real, random_));
    const auto expect_refused = [&] {
        EXPECT_EQ(error().kind, ErrorKind::denied);
        EXPECT_TRUE(error().detail.ends_with("is not a regular file.")) << error().detail;
        std::filesystem::remove(path_);
    };
    std::filesystem::create_symlink(real, path_);
    expect_refused();
    std::filesystem::create_directory(path_);
    ::chmod(path_.c_str(), 0700);
    expect_refused();
    ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
    expect_refused();
}

TEST_F(KeyFiles, ThatAreMalformedSayWhatIsWrong) {
    ASSERT_TRUE(KeyFile::create(path_, random_));
    const auto good = text();
    const std::string key(43, 'A');
    const std::pair<std::string, std::string> cases[] = {
        {good + "master 1 " + key + "=\n", "repeats a version in line 6."},
        {good + "mastre 2 " + key + "=\n", "names a purpose that is not known here in line 6."},
        {good + "master 0 " + key + "=\n", "has no version from 1 to 65535 in line 6."},
        {good + "master 65536 " + key + "=\n", "has no version from 1 to 65535 in line 6."},
        {good + "master two " + key + "=\n", "has no version from 1 to 65535 in line 6."},
        {good + "master -1 " + key + "=\n", "has no version from 1 to 65535 in line 6."},
        {good + "master\n", "has no version from 1 to 65535 in line 6."},
        {good + "master 2\n", "has no 32 bytes in base64 in line 6."},
        {good + "master 2 " + key + "\n", "has no 32 bytes in base64 in line 6."},
        {good + "master 2 " + key.substr(1) + "==\n", "has no 32 bytes in base64 in line 6."},
        {good + "master 2 " + key.substr(1) + "-=\n", "has no 32 bytes in base64 in line 6."},
        {good + "master 2 " + key + "= more\n", "has no 32 bytes in base64 in line 6."},
        {good.substr(0, good.size() - 10), "has no 32 bytes in base64 in line 5."},
        {good.substr(0, good.find("journal")), "has no journal key."},
        {"", "has no master key."},
        {std::string("\0\xff\x01", 3), "names a purpose that is not known here in line 1."},
        {std::string(100'000, '#'), "is too large."},
    };
    for (const auto& [content, sentence] : cases) {
        write(content);
        EXPECT_EQ(error().kind, ErrorKind::corrupt);
        EXPECT_EQ(error().detail, "The key file " + path_.string() + " " + sentence);
    }
}

TEST_F(KeyFiles, HoldSeveralVersionsOfWhichTheNewestWrites) {
    ASSERT_TRUE(KeyFile::create(path_, random_));
    write(text() + "\n# rotated\nmaster 3 " + base64(Bytes(32, 'x')) + "\n");
    const auto loaded = KeyFile::load(path_).value();
    const auto& master = loaded.keys(KeyPurpose::master);
    EXPECT_EQ(master.newest(), 3U);
    EXPECT_EQ(master.newest_key().reveal(), Bytes(32, 'x'));
    EXPECT_NE(master.find(1), nullptr);
    EXPECT_EQ(master.find(2), nullptr);
    EXPECT_EQ(loaded.keys(KeyPurpose::token).newest(), 1U);
}

}  // namespace
}  // namespace inboxpro
