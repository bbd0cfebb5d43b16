// SPDX-License-Identifier: Apache-2.0
/**
 * The client of an aggregator's HTTP API, for the subcommands that need nothing else: its options, its requests and its errors.
 *
 * <p>Data flow: {@code ClientOptions} → {@code ApiClient} → the JSON of a response, or an {@code ApiException} with the message of the
 * aggregator.
 */
@NullMarked
package io.tacho.cli.client;

import org.jspecify.annotations.NullMarked;
