// SPDX-License-Identifier: Apache-2.0
/**
 * Text for people and from people. Uses nothing else of Tacho.
 *
 * <p>{@code SettingErrors} collects the errors of settings; {@code Nearest} finds the word that a misspelled one stands for; {@code
 * Glob} and {@code AllowedHosts} match names; {@code Urls} masks secrets in URLs; {@code Printable} escapes control characters; {@code
 * PercentEncoding} decodes parts of URLs.
 */
@NullMarked
package io.tacho.text;

import org.jspecify.annotations.NullMarked;
