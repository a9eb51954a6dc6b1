/** Segmentation of whole scans: patches, sliding windows, blending, label maps. */
@NullMarked
package org.voco4j.downstream.segment;

import org.jspecify.annotations.NullMarked;
