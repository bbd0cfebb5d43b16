// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import java.util.concurrent.CompletionStage;

/** An answer that something else than the event loop works on; further requests of the connection wait for it. */
public record AsyncResponse(CompletionStage<FullResponse> answer) implements Response {}
