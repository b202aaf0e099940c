// Precompiled for the rooms that speak HTTP.
#pragma once
#include "precompiled_records.h"

#include <boost/asio.hpp>
