// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import java.util.concurrent.CompletionStage;

/** A response that is computed outside the event loop; further requests of the connection wait for it. */
public record AsyncResponse(CompletionStage<FullResponse> response) implements Response {}
