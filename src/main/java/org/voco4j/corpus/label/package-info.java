/** What the values of label maps stand for: classes, regions that overlap, voxels to ignore. */
@NullMarked
package org.voco4j.corpus.label;

import org.jspecify.annotations.NullMarked;
