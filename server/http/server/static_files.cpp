#include "http/server/static_files.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <fstream>
#include <iterator>

#include "base/bytes.h"
#include "http/server/text.h"

namespace inboxpro::http {

namespace fs = std::filesystem;

namespace {

/// Mantine writes its colour variables into a <style> element when it starts, hence 'unsafe-inline' for styles alone.
constexpr auto* kContentSecurityPolicy =
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'";

constexpr auto kTypes = std::to_array<std::pair<std::string_view, std::string_view>>({
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".webp", "image/webp"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
});

struct File {
    std::string_view type;
    std::string content;
    std::string zipped;  ///< Empty: only as it is.
    std::string etag;    ///< Without quotes.
    bool lasts = false;
};

using Files = std::map<std::string, File, std::less<>>;

std::string_view type_of(const fs::path& path) {
    const auto ending = path.extension().string();
    const auto known = std::ranges::find(kTypes, ending, [](const auto& type) { return type.first; });
    return known == kTypes.end() ? "application/octet-stream" : known->second;
}

Result<std::string> read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(in), {}};
    if (!in.good() && !in.eof()) return fail(ErrorKind::unavailable, fmt::format("Cannot read {}.", path.string()));
    return content;
}

std::string etag_of(const std::string& content) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    EVP_Digest(content.data(), content.size(), digest, nullptr, EVP_sha256(), nullptr);
    return hex({reinterpret_cast<const char*>(digest), 16});
}

Result<Files> read_all(const fs::path& directory) {
    Files files;
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator(directory, error)) {
        const auto& path = entry.path();
        if (entry.is_symlink() || !entry.is_regular_file()) continue;
        if (path.extension() == ".gz" && fs::exists(fs::path(path).replace_extension())) continue;
        auto name = "/" + path.lexically_relative(directory).generic_string();
        File file{.type = type_of(path), .content = TRY(read(path)), .zipped = {}, .etag = {}};
        if (auto zipped = fs::path(path) += ".gz"; fs::is_regular_file(fs::symlink_status(zipped)))
            file.zipped = TRY(read(zipped));
        file.etag = etag_of(file.content);
        file.lasts = name.starts_with("/assets/");
        files.emplace(std::move(name), std::move(file));
    }
    if (error || !files.contains("/index.html"))
        return fail(ErrorKind::not_found, fmt::format("There is no index.html in {}.", directory.string()));
    return files;
}

const File* find(const Files& files, std::string_view path) {
    if (const auto at = files.find(path); at != files.end()) return &at->second;
    const auto last_segment = path.substr(path.rfind('/') + 1);
    if (path == "/api" || path.starts_with("/api/") || last_segment.contains('.')) return nullptr;
    return &files.find("/index.html")->second;
}

Response answer(const Files& files, const Request& request) {
    const File* file = find(files, request.path);
    if (!file) return error_response(404, "not_found", "There is nothing at this address.");
    if (request.method != Method::get && request.method != Method::head) {
        auto refusal = error_response(405, "method_not_allowed", "This address does not take that method.");
        refusal.headers.add("Allow", "GET, HEAD");
        return refusal;
    }
    const bool zipped = !file->zipped.empty() && request.headers.get("Accept-Encoding").contains("gzip");
    const auto etag = fmt::format("\"{}{}\"", file->etag, zipped ? "-gz" : "");
    const auto known = request.headers.get("If-None-Match");

    Response response;
    response.headers.add("Content-Type", std::string(file->type));
    response.headers.add("ETag", etag);
    response.headers.add("Cache-Control", file->lasts ? "public, max-age=31536000, immutable" : "no-cache");
    if (!file->zipped.empty()) response.headers.add("Vary", "Accept-Encoding");
    add_page_headers(response);
    if (known == "*" || known.contains(etag)) {
        response.status = 304;
        return response;
    }
    if (zipped) response.headers.add("Content-Encoding", "gzip");
    response.body = zipped ? file->zipped : file->content;
    return response;
}

}  // namespace

Result<Handler> static_files(const fs::path& directory) {
    auto files = std::make_shared<const Files>(TRY(read_all(directory)));
    return [files](Request request) -> Task<Response> { co_return answer(*files, request); };
}

void add_page_headers(Response& response) {
    response.headers.set("Content-Security-Policy", kContentSecurityPolicy);
    response.headers.set("Referrer-Policy", "no-referrer");
}

}  // namespace inboxpro::http
