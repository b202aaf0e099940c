// Precompiled for the rooms that keep records or ask Google: the doors they all go through. A file includes what it
// uses all the same.
#pragma once
#include "precompiled_core.h"

#include "base/clock.h"
#include "base/json_fields.h"
#include "base/resume.h"
#include "google/google_api.h"
#include "store/documents.h"
