// Precompiled for the rooms that speak HTTP.
#pragma once
#include "precompiled_core.h"

#include <boost/asio.hpp>
