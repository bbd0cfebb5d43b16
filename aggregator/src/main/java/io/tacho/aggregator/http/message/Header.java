// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

/** A header field of a response. */
public record Header(String name, String value) {}
