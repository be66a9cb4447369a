// What stands for a call in a pickle: the value that it would make, put together here. Used by weights/pickle.cc.
#pragma once

#include "weights/pickle.h"

namespace parotis::weights {

// `callable`: of the kind kGlobal, else refused. A tensor or a storage is entered into the lists of `pickle`.
Value CallGlobal(Pickle& pickle, ValueId callable, const std::vector<ValueId>& arguments, const std::string& name);

// The persistent id that torch.save gives to a storage: ("storage", type, key, location, count[, view]).
Value StorageOf(Pickle& pickle, const std::vector<ValueId>& id, const std::string& name);

}  // namespace parotis::weights
