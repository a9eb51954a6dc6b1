/** ResNet (He et al. 2016), MedicalNet (Chen et al. 2019) and DenseNet (Huang et al. 2017) in 2 and 3 dimensions. */
@NullMarked
package org.voco4j.network.resnet;

import org.jspecify.annotations.NullMarked;
