#pragma once
#include "accounts/sign_in.h"
#include "sandbox/sandbox.h"

namespace inboxpro::app {

/// Activates, or links again, the account of a sandbox user, along the very way that a browser takes: notice accepted,
/// Google's consent page answered with "allow", code exchanged.
Result<Account> link_account(SignIn& sign_in, sandbox::Sandbox& google, std::string_view address);

}  // namespace inboxpro::app
