/** What sits on an encoder: projectors of pre-training and pooled classifiers. */
@NullMarked
package org.voco4j.network.head;

import org.jspecify.annotations.NullMarked;
