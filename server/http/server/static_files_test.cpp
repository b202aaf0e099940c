#include "http/server/static_files.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

#include "testing/run.h"

namespace inboxpro::http {
namespace {

using ::testing::HasSubstr;

struct StaticFilesTest : ::testing::Test {
    StaticFilesTest() {
        std::string pattern = (std::filesystem::temp_directory_path() / "inboxpro-static-XXXXXX").string();
        folder = mkdtemp(pattern.data());
        write("index.html", "<title>app</title>");
        write("favicon.svg", "<svg/>");
        write("assets/index-B3x9.js", "let a = 1");
        write("assets/index-B3x9.js.gz", "zipped");
    }
    ~StaticFilesTest() override { std::filesystem::remove_all(folder); }

    void write(const std::string& name, std::string_view text) const {
        std::filesystem::create_directories((folder / name).parent_path());
        std::ofstream(folder / name) << text;
    }
    Response ask(std::string path, Fields headers = {}, Method method = Method::get) {
        if (!handler) handler = *static_files(folder);
        Request request;
        request.method = method;
        request.path = std::move(path);
        request.headers = std::move(headers);
        return testing::run(handler(std::move(request)));
    }
    static Fields with(std::string name, std::string value) {
        Fields fields;
        fields.add(std::move(name), std::move(value));
        return fields;
    }

    std::filesystem::path folder;
    Handler handler;
};

TEST_F(StaticFilesTest, HaveTheirTypeAndCaching) {
    const auto icon = ask("/favicon.svg");
    EXPECT_EQ(icon.status, 200);
    EXPECT_EQ(icon.body, "<svg/>");
    EXPECT_EQ(icon.headers.get("Content-Type"), "image/svg+xml");
    EXPECT_EQ(icon.headers.get("Cache-Control"), "no-cache");
    const auto script = ask("/assets/index-B3x9.js");
    EXPECT_EQ(script.body, "let a = 1");
    EXPECT_EQ(script.headers.get("Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(script.headers.get("Vary"), "Accept-Encoding");
}

TEST_F(StaticFilesTest, GiveTheAppToEveryPathOfItsOwn) {
    for (const auto* path : {"/", "/messages", "/messages/01hx/events", "/apiary"}) {
        const auto page = ask(path);
        EXPECT_EQ(page.status, 200) << path;
        EXPECT_EQ(page.body, "<title>app</title>");
        EXPECT_EQ(page.headers.get("Cache-Control"), "no-cache");
        EXPECT_THAT(std::string(page.headers.get("Content-Security-Policy")), HasSubstr("default-src 'self'"));
        EXPECT_EQ(page.headers.get("Referrer-Policy"), "no-referrer");
    }
    for (const auto* path : {"/api", "/api/v1/nothing", "/missing.js", "/assets/index-B3x9.js.gz", "/a/b.c"}) {
        EXPECT_EQ(ask(path).status, 404) << path;
        EXPECT_EQ(ask(path).headers.get("Content-Type"), "application/json");
    }
}

TEST_F(StaticFilesTest, AreNotSentAgainWhenUnchanged) {
    const std::string etag(ask("/favicon.svg").headers.get("ETag"));
    const auto again = ask("/favicon.svg", with("If-None-Match", "\"x\", W/" + etag));
    EXPECT_EQ(again.status, 304);
    EXPECT_EQ(again.body, "");
    EXPECT_EQ(again.headers.get("ETag"), etag);
    EXPECT_EQ(ask("/favicon.svg", with("If-None-Match", "\"x\"")).status, 200);
}

TEST_F(StaticFilesTest, AreZippedForWhoTakesIt) {
    const auto zipped = ask("/assets/index-B3x9.js", with("Accept-Encoding", "br, gzip"));
    EXPECT_EQ(zipped.body, "zipped");
    EXPECT_EQ(zipped.headers.get("Content-Encoding"), "gzip");
    EXPECT_NE(zipped.headers.get("ETag"), ask("/assets/index-B3x9.js").headers.get("ETag"));
}

TEST_F(StaticFilesTest, TakeNoOtherMethod) {
    const auto refused = ask("/messages", {}, Method::post);
    EXPECT_EQ(refused.status, 405);
    EXPECT_EQ(refused.headers.get("Allow"), "GET, HEAD");
    EXPECT_EQ(ask("/api/v1/nothing", {}, Method::post).status, 404);
}

TEST_F(StaticFilesTest, NeverLeaveTheirDirectory) {
    std::filesystem::create_symlink("/etc/passwd", folder / "link");
    std::filesystem::create_directory_symlink("/etc", folder / "etc");
    for (const auto* path : {"/link", "/etc/passwd", "/../../etc/passwd"})
        EXPECT_THAT(ask(path).body, ::testing::Not(HasSubstr("root:"))) << path;
}

TEST_F(StaticFilesTest, NeedAnIndex) {
    const auto none = static_files(folder / "assets");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().kind, ErrorKind::not_found);
    EXPECT_FALSE(static_files(folder / "nowhere"));
}

}  // namespace
}  // namespace inboxpro::http
