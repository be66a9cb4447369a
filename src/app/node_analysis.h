// What a node does with one study: the chain of `parotis diagnose`, with models that stay in memory.
#pragma once

#include "service/analysis.h"
#include "service/node_config.h"

namespace parotis::app {

// Loads the active model at once, others when they are asked for. Throws as ReadSiteRules and the model's loader.
service::Analyse MakeNodeAnalysis(const service::NodeConfig& config);

}  // namespace parotis::app
