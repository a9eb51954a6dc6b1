/** Rotation: which way was a crop turned (Gidaris et al. 2018; in 3-D Taleb et al. 2020). */
@NullMarked
package org.voco4j.pretext.rotation;

import org.jspecify.annotations.NullMarked;
