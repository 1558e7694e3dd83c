#include "src/token/normalize_url.h"

#include <gtest/gtest.h>

namespace {

using writ::token::normalize_url;

std::string normal(std::string_view url) {
  return normalize_url(url).value_or("none");
}

TEST(NormalizeUrl, CaseAndEncoding) {  // RFC 3986, sections 6.2.2.1 and 6.2.2.2
  EXPECT_EQ(normal("HTTPS://A.Example/Path"), "https://a.example/Path");
  EXPECT_EQ(normal("https://a.example/%7euser/%41%2d%2E%5f"), "https://a.example/~user/A-._");
  EXPECT_EQ(normal("https://a.example/a%2fb%c3%a9%3a"), "https://a.example/a%2Fb%C3%A9%3A");
  EXPECT_EQ(normal("https://%41.ex%61mple/"), "https://a.example/");
  EXPECT_EQ(normal("https://a%c3%a9.example/"), "https://a%C3%A9.example/");
  EXPECT_EQ(normal("https://a.example/%2541"), "https://a.example/%2541") << "once, not again and again";
}

TEST(NormalizeUrl, Paths) {  // section 6.2.2.3, with the examples of section 5.2.4
  EXPECT_EQ(normal("https://a.example/a/b/c/./../../g"), "https://a.example/a/g");
  EXPECT_EQ(normal("https://a.example/mid/content=5/../6"), "https://a.example/mid/6");
  EXPECT_EQ(normal("https://a.example/a/%2e%2E/b"), "https://a.example/b");
  EXPECT_EQ(normal("https://a.example/.."), "https://a.example/");
  EXPECT_EQ(normal("https://a.example/../../a"), "https://a.example/a");
  EXPECT_EQ(normal("https://a.example/a/."), "https://a.example/a/");
  EXPECT_EQ(normal("https://a.example/a/.."), "https://a.example/");
  EXPECT_EQ(normal("https://a.example/a//b/"), "https://a.example/a//b/");
  EXPECT_EQ(normal("https://a.example/.a/..b/c."), "https://a.example/.a/..b/c.");
}

TEST(NormalizeUrl, ByScheme) {  // section 6.2.3
  for (const char* same : {"http://a.example", "http://a.example/", "http://a.example:/", "http://a.example:80/"}) {
    EXPECT_EQ(normal(same), "http://a.example/") << same;
  }
  EXPECT_EQ(normal("https://a.example:443"), "https://a.example/");
  EXPECT_EQ(normal("http://a.example:443/"), "http://a.example:443/");
  EXPECT_EQ(normal("https://[2001:DB8::1]:443/x"), "https://[2001:db8::1]/x");
  EXPECT_EQ(normal("https://a.example/x?y=/../z#/w"), "https://a.example/x");
  EXPECT_EQ(normal("https://a.example?x"), "https://a.example/");
}

TEST(NormalizeUrl, WhatIsNoHttpUrl) {
  for (const char* other : {"",
                            "a.example",
                            "/a",
                            "https:/a.example",
                            "https:a.example",
                            "ftp://a.example/",
                            "%68ttps://a.example/",
                            "https://",
                            "https:///a",
                            "https://:443/",
                            "https://u@a.example/",
                            "https://u:p@a.example/",
                            "https://a.example/%",
                            "https://a.example/%4",
                            "https://a.example/%4g",
                            "https://a.example/a b",
                            "https://a.example/\xc3\xa9",
                            "https://a.example\\b",
                            "https://a.example/\"",
                            "https://a.example/a\n"}) {
    EXPECT_EQ(normal(other), "none") << other;
  }
}

}  // namespace
