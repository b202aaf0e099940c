#include "sandbox/people/people_visitor.h"

namespace inboxpro::sandbox::people {
namespace {

using namespace std::chrono_literals;

struct Listing : PeopleVisitor {
    const std::string list = "/v1/people/me/connections?personFields=names,metadata";

    json::object full_sync() { return ask(list + "&requestSyncToken=true"); }
    std::string token_of(const json::object& answer) { return text(answer, "/nextSyncToken"); }
    http::Response sync(const std::string& sync_token) {
        return get(list + "&requestSyncToken=true&syncToken=" + sync_token, access);
    }
};

TEST_F(Listing, PagesThroughAll) {
    for (int i = 0; i < 250; ++i) create(fmt::format("P{:03}", i), "p@x.example");
    std::string seen;
    std::size_t pages = 0;
    for (std::string page_token; pages == 0 || !page_token.empty(); ++pages) {
        const auto page = ask(list + (page_token.empty() ? "" : "&pageToken=" + page_token));
        EXPECT_EQ(page.at("totalItems").to_number<int>(), 250);
        seen += names(page, "connections") + ", ";
        page_token = page.contains("nextPageToken") ? text(page, "/nextPageToken") : "";
    }
    EXPECT_EQ(pages, 3U);
    EXPECT_TRUE(seen.starts_with("P000, P001, ") && seen.ends_with("P249, "));
    EXPECT_EQ(std::ranges::count(seen, 'P'), 250);
    EXPECT_EQ(ask(list + "&pageSize=1000").at("connections").as_array().size(), 250U);
    expect_refused(get(list + "&pageSize=1001", access), 400, "badRequest", "1000");
    EXPECT_EQ(get(list + "&pageSize=-1", access).status, 400);
}

TEST_F(Listing, MissesNobodyWhenAContactChangesBetweenPages) {
    const auto first = create("A", "a@x.example");
    for (const char* name : {"B", "C", "D"}) create(name, "p@x.example");
    const auto paged = list + "&pageSize=2&requestSyncToken=true";
    const auto page = ask(paged);
    EXPECT_EQ(names(page, "connections"), "A, B");
    done(update(first));
    const auto rest = ask(paged + "&pageToken=" + text(page, "/nextPageToken"));
    EXPECT_EQ(names(rest, "connections"), "C, D");
    const auto last = ask(paged + "&pageToken=" + text(rest, "/nextPageToken"));
    const auto changed = ask(paged + "&syncToken=" + token_of(last));
    EXPECT_EQ(names(changed, "connections"), "A") << "changed after the walk began";
}

TEST_F(Listing, SortsAsAsked) {
    create("Bea Young", "b@x.example");
    const auto zoe = create("Zoe Adams", "z@x.example");
    create("Ann Miller", "a@x.example");
    done(update(zoe));
    const auto sorted = [&](const std::string& order) {
        return names(ask(list + "&sortOrder=" + order), "connections");
    };
    EXPECT_EQ(sorted("FIRST_NAME_ASCENDING"), "Ann Miller, Bea Young, Zoe Adams");
    EXPECT_EQ(sorted("LAST_NAME_ASCENDING"), "Zoe Adams, Ann Miller, Bea Young");
    EXPECT_EQ(sorted("LAST_MODIFIED_DESCENDING"), "Zoe Adams, Ann Miller, Bea Young");
    EXPECT_EQ(names(ask(list), "connections"), "Bea Young, Ann Miller, Zoe Adams");
    expect_refused(get(list + "&sortOrder=NEWEST", access), 400, "badRequest", "NEWEST");
}

TEST_F(Listing, SyncTokensBringWhatChangedSince) {
    const auto ada = create("Ada", "ada@x.example"), bob = create("Bob", "bob@x.example");
    create("Cyd", "cyd@x.example");
    EXPECT_FALSE(ask(list).contains("nextSyncToken"));
    const auto token = token_of(full_sync());
    EXPECT_FALSE(done(sync(token)).contains("connections"));
    done(erase(ada));
    done(update(bob));
    create("Dan", "dan@x.example");
    const auto changed = done(sync(token));
    ASSERT_EQ(changed.at("connections").as_array().size(), 3U);
    EXPECT_TRUE(at(changed, "/connections/0/metadata/deleted").as_bool());
    EXPECT_EQ(text(changed, "/connections/0/resourceName"), text(ada, "/resourceName"));
    EXPECT_FALSE(at(changed, "/connections/0").as_object().contains("names"));
    EXPECT_EQ(text(changed, "/connections/1/names/0/displayName"), "Bob");
    EXPECT_FALSE(changed.contains("totalItems"));
    EXPECT_FALSE(done(sync(token_of(changed))).contains("connections"));
    EXPECT_EQ(done(sync(token)).at("connections").as_array().size(), 3U) << "a token can be used again";
}

TEST_F(Listing, SyncTokensOfAnEmptyListWork) {
    const auto token = token_of(full_sync());
    create("Ada", "ada@x.example");
    EXPECT_EQ(names(done(sync(token)), "connections"), "Ada");
}

TEST_F(Listing, SyncTokensLiveSevenDaysFromTheFullSync) {
    const auto token = token_of(full_sync());
    clock.advance(24h * 6);
    access = this->token(kContacts);
    const auto later = token_of(done(sync(token)));
    clock.advance(24h + 1ms);
    access = this->token(kContacts);
    for (const auto& old : {token, later}) {
        const auto answer = sync(old);
        expect_refused(answer, 400, "failedPrecondition", "Sync token is expired. Clear local cache");
        EXPECT_EQ(text(object(answer), "/error/status"), "FAILED_PRECONDITION");
        EXPECT_EQ(text(object(answer), "/error/details/0/reason"), "EXPIRED_SYNC_TOKEN");
        EXPECT_EQ(text(object(answer), "/error/details/0/@type"), "type.googleapis.com/google.rpc.ErrorInfo");
    }
    done(sync(token_of(full_sync())));
}

TEST_F(Listing, TokensBindTheParametersOfTheirCall) {
    for (const char* name : {"A", "B", "C"}) create(name, "p@x.example");
    const auto page = text(ask(list + "&pageSize=2"), "/nextPageToken");
    expect_refused(get(list + "&pageSize=1&pageToken=" + page, access), 400, "badRequest", "must match");
    expect_refused(get("/v1/people/me/connections?personFields=names&pageSize=2&pageToken=" + page, access), 400,
                   "badRequest", "must match");
    const auto token = token_of(full_sync());
    expect_refused(get(list + "&sortOrder=FIRST_NAME_ASCENDING&syncToken=" + token, access), 400, "badRequest",
                   "must match");
    expect_refused(sync("nonsense"), 400, "badRequest", "Invalid sync token");
    expect_refused(sync(page), 400, "badRequest", "Invalid sync token");
    expect_refused(get(list + "&pageToken=" + token, access), 400, "badRequest", "Invalid page token");
}

TEST_F(Listing, IsOfTheOwnConnectionsOnly) {
    expect_refused(get("/v1/people/c1/connections?personFields=names", access), 400, "badRequest", "people/me");
    expect_refused(get("/v1/people/me/connections", access), 400, "badRequest", "personFields mask is required.");
    create("Ada", "ada@x.example");
    EXPECT_FALSE(ask(list + "&sources=READ_SOURCE_TYPE_PROFILE").contains("connections"));
}

TEST_F(Listing, WritesCanTakeTheirTimeToShow) {
    EXPECT_EQ(done(post("/_sandbox/people", {{"propagation_seconds", 120}})).at("propagation_seconds").as_int64(), 120);
    const auto ada = create("Ada", "ada@x.example");
    const auto early = full_sync();
    EXPECT_FALSE(early.contains("connections"));
    clock.advance(120s);
    EXPECT_EQ(names(done(sync(token_of(early))), "connections"), "Ada");
    const auto token = token_of(full_sync());
    done(erase(ada));
    const auto nothing = done(sync(token));
    EXPECT_FALSE(nothing.contains("connections"));
    clock.advance(120s);
    EXPECT_EQ(done(sync(token_of(nothing))).at("connections").as_array().size(), 1U) << "late, but never lost";
}

TEST_F(Listing, FullSyncsHaveASmallQuotaOfTheirOwn) {
    for (const char* name : {"A", "B", "C"}) create(name, "p@x.example");
    done(post("/_sandbox/people", {{"full_syncs_per_minute", 1}}));
    const auto page = ask(list + "&pageSize=2");
    expect_refused(get(list, access), 429, "rateLimitExceeded");
    ask(list + "&pageSize=2&pageToken=" + text(page, "/nextPageToken"));
    clock.advance(60s);
    const auto token = token_of(full_sync());
    done(sync(token));
    done(sync(token));
    EXPECT_EQ(post("/_sandbox/people", {{"full_syncs_per_minute", -1}}).status, 422);
    EXPECT_EQ(post("/_sandbox/people", {{"propagation_seconds", "soon"}}).status, 422);
    EXPECT_EQ(object(get("/_sandbox/people")).at("full_syncs_per_minute").as_int64(), 1);
}

TEST_F(Listing, OtherContactsAreSyncedTheSameWay) {
    const std::string others = "/v1/otherContacts?readMask=emailAddresses,metadata";
    send("a@x.example");
    const auto first = ask(others + "&requestSyncToken=true");
    EXPECT_EQ(first.at("otherContacts").as_array().size(), 1U);
    send("b@x.example");
    const auto second = ask(others + "&syncToken=" + token_of(first));
    EXPECT_EQ(text(second, "/otherContacts/0/emailAddresses/0/value"), "b@x.example");
    expect_refused(get("/v1/otherContacts", access), 400, "badRequest", "readMask mask is required.");
    expect_refused(get("/v1/otherContacts?readMask=organizations", access), 400, "badRequest", "Invalid readMask");
    expect_refused(get(others + "&sources=READ_SOURCE_TYPE_PROFILE", access), 400, "badRequest", "not permitted");
    EXPECT_EQ(get(others, token(kContacts)).status, 403);
}

}  // namespace
}  // namespace inboxpro::sandbox::people
