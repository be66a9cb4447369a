// LibTorch as this project uses it; the one precompiled header of the folders behind its fence.
#pragma once

#include <torch/torch.h>

#undef CHECK  // LibTorch 1.13 brings glog's macros, which clash with everyone's
#undef LOG
