// Memory for tensors.
#pragma once

namespace parotis::model {

// Makes malloc keep what is freed, and take it in huge pages where the kernel allows it. Tensors of some megabytes come
// and go a thousand times a second; by default each returns its memory to the kernel and gets it back page by page,
// zeroed, which takes a third of a training's time. What the process has needed at its peak stays with it until it
// ends. Values do not change. Once per process; nothing on C libraries other than GNU's.
void KeepFreedMemory();

}  // namespace parotis::model
