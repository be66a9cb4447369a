// Hands the program the functions behind LibTorch's fence; the only source of libparotis_net.so besides the modules.
#include "app/net_library.h"
#include "model/devices.h"

extern "C" const parotis::app::NetFunctions* ParotisNetFunctions() {
  using namespace parotis;
  static const app::NetFunctions functions = {infer::LoadPredictor, train::Train, train::MeasureCost,
                                              model::TorchVersion, model::Devices};
  return &functions;
}
