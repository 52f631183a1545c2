# CivetWeb, compiled from its source tree when CIVETWEB_SOURCE_DIR names one:
# with IPv6, unix sockets, OpenSSL 3 linked and a normal thread stack, none of
# which Debian 12's library has. Only the C API; the parts that we never call
# (CGI, caching) are left out.
if(CIVETWEB_SOURCE_DIR)
  find_package(OpenSSL 3.0 REQUIRED)
  add_library(civetweb_static STATIC "${CIVETWEB_SOURCE_DIR}/src/civetweb.c")
  target_include_directories(civetweb_static SYSTEM PUBLIC
                             "${CIVETWEB_SOURCE_DIR}/include")
  target_compile_definitions(civetweb_static PRIVATE
    USE_IPV6 USE_X_DOM_SOCKET NO_SSL_DL OPENSSL_API_3_0 NO_CGI NO_CACHING
    STOP_FLAG_NEEDS_LOCK
    USE_STACK_SIZE=524288)
  target_compile_options(civetweb_static PRIVATE -w)
  target_link_libraries(civetweb_static PUBLIC OpenSSL::SSL OpenSSL::Crypto
                        Threads::Threads PRIVATE ${CMAKE_DL_LIBS})
  add_dependency(civetweb civetweb_static)
else()
  find_package(civetweb 1.15 CONFIG REQUIRED)
  add_dependency(civetweb civetweb::civetweb)
endif()
