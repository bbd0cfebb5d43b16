// SPDX-License-Identifier: Apache-2.0
/** The routing of paths to endpoints, and the access control. */
@NullMarked
package io.tacho.aggregator.http.routing;

import org.jspecify.annotations.NullMarked;
