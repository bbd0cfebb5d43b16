// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

/** What an endpoint answers: all of it at once, all of it later, or the connection as a stream. */
sealed interface Answer permits WholeAnswer, SharedAnswer, LaterAnswer, StreamAnswer {}
