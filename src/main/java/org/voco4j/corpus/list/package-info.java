/** Lists that name scans: JSON of the Decathlon, nnU-Net and nnssl, tables, patients, classes. */
@NullMarked
package org.voco4j.corpus.list;

import org.jspecify.annotations.NullMarked;
