# Compiler and linker settings that hold for every target.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor
                    -Woverloaded-virtual -Wno-gnu-statement-expression
                    -Wno-missing-designated-field-initializers -Werror)
add_compile_options(-pthread -fstack-protector-strong -fno-omit-frame-pointer)
add_compile_options("$<$<CONFIG:Debug>:-O0;-gline-tables-only>")
add_compile_definitions("$<$<CONFIG:Release>:_FORTIFY_SOURCE=2>")
add_compile_definitions(BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE BOOST_ASIO_SEPARATE_COMPILATION
                        BOOST_BEAST_SEPARATE_COMPILATION
                        SPDLOG_COMPILED_LIB SPDLOG_FMT_EXTERNAL)
add_link_options(-fuse-ld=lld-19)
# What nobody calls is left out, and templates that came out the same for two types are kept once.
add_compile_options("$<$<CONFIG:Release>:-ffunction-sections;-fdata-sections>")
add_link_options("$<$<CONFIG:Release>:-Wl,--gc-sections,--icf=safe>")
if(INBOXPRO_SANITIZE)
    add_compile_options(-fsanitize=${INBOXPRO_SANITIZE} -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${INBOXPRO_SANITIZE})
endif()
option(INBOXPRO_FUZZ "Build the fuzzers of the rooms" OFF)
if(INBOXPRO_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
# ccache can reuse a precompiled header only when it holds no time stamp.
add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
include_directories(${CMAKE_SOURCE_DIR}/server ${CMAKE_SOURCE_DIR})
