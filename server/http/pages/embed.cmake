# The files of templates/ become string constants of the program: what `embedded(name)` of embedded.h finds.
file(GLOB templates CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/templates/*)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${templates})

set(table "")
foreach(template IN LISTS templates)
    get_filename_component(name ${template} NAME)
    file(READ ${template} content)
    string(APPEND table "    {\"${name}\", R\"~~(${content})~~\"},\n")
endforeach()
set(source "#include \"http/pages/embedded.h\"\n\nnamespace inboxpro::http {\n
const std::vector<Embedded>& all_embedded() {\n    static const std::vector<Embedded> files{\n${table}    };
    return files;\n}\n\n}  // namespace inboxpro::http\n")

set(generated ${CMAKE_BINARY_DIR}/generated/embedded_pages.cpp)
set(present "")
if(EXISTS ${generated})
    file(READ ${generated} present)
endif()
if(NOT present STREQUAL source)
    file(WRITE ${generated} "${source}")
endif()
target_sources(room_http PRIVATE ${generated})
