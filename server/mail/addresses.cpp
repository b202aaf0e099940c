#include "mail/addresses.h"

#include <algorithm>

#include "mail/gmime.h"
#include "mail/header_text.h"
#include "mail/structure.h"

namespace inboxpro {
namespace {

constexpr std::size_t kLongestAddress = 254;
constexpr auto kMostColons = 1'000;  // Each may open a group inside a group, which GMime reads by recursion.

Mailbox mailbox_of(InternetAddress* address) {
    return {.name = text_or_empty(internet_address_get_name(address)),
            .address = text_or_empty(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address)))};
}

void collect(InternetAddressList* list, std::vector<Mailbox>& found) {
    for (int i = 0; i < internet_address_list_length(list); ++i) {
        InternetAddress* address = internet_address_list_get_address(list, i);
        if (INTERNET_ADDRESS_IS_MAILBOX(address))
            found.push_back(mailbox_of(address));
        else if (INTERNET_ADDRESS_IS_GROUP(address))
            collect(internet_address_group_get_members(INTERNET_ADDRESS_GROUP(address)), found);
    }
}

/// Null when there is no address in it.
Result<GmimeObjectOf<InternetAddressList>> parsed(std::string_view list) {
    if (std::ranges::count(list, ':') > kMostColons) return fail(ErrorKind::invalid, "This is no list of addresses.");
    start_gmime();
    return GmimeObjectOf<InternetAddressList>{internet_address_list_parse(nullptr, unfolded(list).c_str())};
}

bool is_plain(char character) {
    static constexpr std::string_view kOthers = "!#$%&'*+-/=?^_`{|}~.";
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || kOthers.find(character) != std::string_view::npos;
}

}  // namespace

Result<std::vector<Mailbox>> mailboxes_in(std::string_view list) {
    std::vector<Mailbox> found;
    if (const auto addresses = TRY(parsed(list))) collect(addresses.get(), found);
    return found;
}

Result<Mailbox> parse_mailbox(std::string_view text) {
    TRY(check_header_value("address", text));
    const auto addresses = TRY(parsed(text));
    InternetAddress* only = addresses && internet_address_list_length(addresses.get()) == 1
                                ? internet_address_list_get_address(addresses.get(), 0)
                                : nullptr;
    if (only == nullptr || !INTERNET_ADDRESS_IS_MAILBOX(only))
        return fail(ErrorKind::invalid, "This is not exactly one address.");
    Mailbox mailbox = mailbox_of(only);
    TRY(check_address(mailbox.address));
    return mailbox;
}

Result<void> check_address(std::string_view address) {
    const auto at = address.find('@');
    const bool has_both = at != std::string_view::npos && at > 0 && at + 1 < address.size();
    const auto is_well_formed = [](std::string_view side) {
        return std::ranges::all_of(side, is_plain) && !side.starts_with('.') && !side.ends_with('.') &&
               side.find("..") == std::string_view::npos;
    };
    if (has_both && address.size() <= kLongestAddress && is_well_formed(address.substr(0, at)) &&
        is_well_formed(address.substr(at + 1)))
        return {};
    return fail(ErrorKind::invalid, "This is not an address.");
}

}  // namespace inboxpro
